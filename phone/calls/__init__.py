"""Calls: one dialog, one media leg and one ZRTP session joined, and how far each can be trusted."""
