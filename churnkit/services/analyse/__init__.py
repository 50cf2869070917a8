"""From a file that was read to scored customers, with everything that backs the scores."""
