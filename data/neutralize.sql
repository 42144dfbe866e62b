-- A copy of the database must never act on the real organisation.
UPDATE xero_token
   SET access_token = NULL, refresh_token = NULL, client_secret = NULL,
       webhook_key = NULL, oauth_nonce = NULL;
UPDATE xero_connection
   SET state = 'draft', sync_mode = 'read_only';
