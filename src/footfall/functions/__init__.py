"""The functions in AWS: what S3 and API Gateway call."""
