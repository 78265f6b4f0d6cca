"""The member: sign-up and sign-in, visibility, sessions, export, deletion."""
