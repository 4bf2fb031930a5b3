"""What people read and press: text that is safe to hide, cards, buttons, errors."""
