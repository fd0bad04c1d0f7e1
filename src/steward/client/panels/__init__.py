"""What a bot declares instead of writing it: drafts, panels, forms, choosers, pages, confirmations."""
