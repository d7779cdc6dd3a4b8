"""A Home Assistant to try the integration in: set up, shown, and taken away again."""
