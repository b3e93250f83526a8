#!/usr/bin/env python3
"""The same with dlt: its REST client and its file system destination, as its documentation has it.

usage: dlt_export.py BASE_URL FOLDER START_DATE"""

import os
import sys

# Its other encoder refuses integers past 64 bits, which events may hold. Read when dlt is imported.
os.environ["DLT_USE_JSON"] = "simplejson"

import dlt
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import APIKeyAuth
from dlt.sources.helpers.rest_client.paginators import OffsetPaginator

base, folder, start = sys.argv[1:4]
client = RESTClient(
    base_url=base,
    auth=APIKeyAuth(name="Authorization", api_key="Token " + os.environ["CAPTIVATEIQ_API_TOKEN"], location="header"),
    paginator=OffsetPaginator(limit=1000, total_path="total_count"),
    data_selector="data",
)


@dlt.resource(name="audit_logs", primary_key="id", max_table_nesting=0)
def audit_logs():
    yield from client.paginate("/ciq/v1/audit-logs/", params={"start_date": start})


pipeline = dlt.pipeline(
    "bench", destination=dlt.destinations.filesystem("file://" + os.path.abspath(folder)), dataset_name="export",
    pipelines_dir=os.path.join(os.path.abspath(folder), ".dlt"),
)
pipeline.run(audit_logs(), loader_file_format="jsonl")
