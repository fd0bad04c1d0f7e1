-- Reason: a report is posted with its chart; the picture waits with the message and goes when the message has gone.
CREATE TABLE outbox_files (
    message_key VARCHAR(190) NOT NULL,
    position INTEGER NOT NULL,
    name VARCHAR(120) NOT NULL,
    content {blob} NOT NULL,
    PRIMARY KEY (message_key, position)
);
