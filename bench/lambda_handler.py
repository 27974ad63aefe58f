# SPDX-License-Identifier: Apache-2.0
"""python_handler.py as a Lambda function, for bench/lambda.py: AWS's runtime client calls `handle`."""
import os

from python_handler import Handler

HANDLER = Handler(os.environ["SWP_URL"], os.environ["SWP_API_KEY"])


def handle(event, _context):
    return HANDLER.handle(event)
