"""The command line beside the bot: packs are checked, drafted, previewed and compared."""
