# SPDX-License-Identifier: MIT

dist_doc_DATA =
