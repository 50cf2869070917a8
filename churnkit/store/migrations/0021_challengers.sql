-- A run that was trained or scored to be compared with the one on screen, and was never shown.
ALTER TABLE runs ADD COLUMN is_challenger BOOLEAN DEFAULT false;
