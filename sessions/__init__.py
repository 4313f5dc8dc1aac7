"""The agenda: sessions, speakers, papers, visibility, releases and feeds (app label `agenda`)."""
