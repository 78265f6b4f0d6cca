"""Blogs: sites that people write on themselves, read by their feeds, answered by Webmention."""

from networks.connectors.blog.connector import BlogConnector

__all__ = ["BlogConnector"]
