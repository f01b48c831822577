"""Anonymity of a corpus: audit, review, pseudonyms, participants' table, gate and withdrawal.

Import from the modules: ``from reflect.anonymity.audit import audit``.
"""
