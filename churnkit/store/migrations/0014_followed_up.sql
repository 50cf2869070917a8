-- What follows a run (readouts, work lists, messages) is done once; runs from before there was anything are done with.
ALTER TABLE runs ADD COLUMN followed_up BOOLEAN DEFAULT true;
