-- Reason: reports are posted with charts, which are stored until the message is sent.
CREATE TABLE outbox_files (
    message_key VARCHAR(190) NOT NULL,
    position INTEGER NOT NULL,
    name VARCHAR(120) NOT NULL,
    content {blob} NOT NULL,
    PRIMARY KEY (message_key, position)
);
