"""The command line beside the bot: packs are begun, checked, previewed and compared."""
