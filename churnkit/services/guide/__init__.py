"""The help of the app: its texts, what is made of the code for it, and finding in it."""
