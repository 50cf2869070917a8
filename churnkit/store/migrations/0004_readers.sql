-- sha256: of the file's bytes; reader_ended: in words, why looking at the file ended the process that did.
ALTER TABLE uploads ADD COLUMN sha256 VARCHAR;
ALTER TABLE uploads ADD COLUMN reader_ended VARCHAR;
