"""What happens when it is sent: draws, channels, feedback, engines. Imports ``policies`` only."""
