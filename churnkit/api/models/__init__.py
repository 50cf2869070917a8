"""What routes answer with, where several of them or a long one need it."""
