"""What PyPI says of core metadata: `packaging`, and what pypi/warehouse adds to it in `forklift/metadata.py`.

Reads a JSON list of documents from standard input and writes, for each, the list of reasons against it. An unknown header
is none, since the upload's form does not carry it, nor is License-File in metadata older than it, which uploaders leave out.
"""

import email.utils
import json
import sys

import email_validator
import packaging
import rfc3986
import trove_classifiers
from packaging.metadata import Metadata, parse_email
from packaging.requirements import InvalidRequirement, Requirement

TAKEN = ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"]
FIELDS = {"license_files": "license-file"}


def is_url(text):
    check = rfc3986.validators.Validator().allow_schemes("http", "https")
    check = check.require_presence_of("scheme")
    check.check_validity_of("scheme", "host", "port", "path", "query")
    try:
        check.validate(rfc3986.uri_reference(text).normalize())
    except rfc3986.exceptions.ValidationError:
        return False
    return True


def packaging_reasons(raw):
    try:
        return [], Metadata.from_raw(dict(raw), validate=True)
    except ExceptionGroup as group:
        return [str(reason) for reason in group.exceptions], None


def warehouse_reasons(meta):
    if meta.metadata_version not in TAKEN:
        yield f"{meta.metadata_version!r} is not a valid metadata version"
    if meta.version.local:
        yield "local version"
    if meta.summary is not None and len(meta.summary) > 512:
        yield "summary is too long"
    for text in (meta.author_email, meta.maintainer_email):
        address = "" if text is None else email.utils.parseaddr(text)[1]
        if address:
            try:
                email_validator.validate_email(address, check_deliverability=False)
            except email_validator.EmailNotValidError as wrong:
                yield f"{address!r}: {wrong}"
    for classifier in meta.classifiers or []:
        if classifier not in trove_classifiers.all_classifiers:
            yield f"{classifier!r} is not a valid classifier"
        if classifier in trove_classifiers.deprecated_classifiers:
            yield f"{classifier!r} is deprecated"
    for url in (meta.home_page, meta.download_url):
        if url and not is_url(url):
            yield f"{url!r} is not a valid url"
    for label, url in (meta.project_urls or {}).items():
        if not 1 <= len(label) <= 32 or not url or not is_url(url):
            yield f"{label!r}, {url!r}"
    for text in (meta.provides_dist or []) + (meta.obsoletes_dist or []):
        try:
            if Requirement(text).url is not None:
                yield f"direct dependency {text!r}"
        except InvalidRequirement as wrong:
            yield str(wrong)
    for requirement in meta.requires_dist or []:
        if requirement.url is not None:
            yield f"direct dependency {requirement}"
    if meta.license and meta.license_expression:
        yield "license and license-expression"


def judge(text):
    raw, unparsed = parse_email(text.encode())
    if raw.get("metadata_version") in TAKEN[:6]:
        raw.pop("license_files", None)
    known = {validator.raw_name for validator in vars(Metadata).values() if hasattr(validator, "raw_name")}
    reasons = [f"{name!r} has invalid data" for name in unparsed if name in known]
    # A form's empty field counts as none.
    raw = {name: value for name, value in raw.items() if value not in ("", [""])}
    refused, meta = packaging_reasons(raw)
    return reasons + refused + ([] if meta is None else list(warehouse_reasons(meta)))


json.dump({
    "library": f"packaging {packaging.__version__}",
    "verdicts": [judge(text) for text in json.load(sys.stdin)],
}, sys.stdout)
