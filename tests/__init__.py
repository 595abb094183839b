"""Tests of 七彩. The tree mirrors the product's."""
