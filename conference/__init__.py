"""The project: settings, addresses, the acts that cross apps, and the ground floor all apps share."""
