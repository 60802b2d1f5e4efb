"""What the network knows of itself: settings, the home folder, clinics, studies, credentials and keys."""
