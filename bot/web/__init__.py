"""The web reader: pages to ask in and to read a source where its words stand."""
