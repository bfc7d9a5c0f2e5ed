"""Review-request campaigns: who is asked, with which words, when."""
