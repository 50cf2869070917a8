"""What a workspace has settled on."""
