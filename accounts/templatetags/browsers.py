"""Browsers by name."""

from django import template

from accounts import browsers

register = template.Library()
register.filter("browser_name", browsers.browser_name)
