"""What is read on screens and in files: figures, terms and columns, written one way each."""
