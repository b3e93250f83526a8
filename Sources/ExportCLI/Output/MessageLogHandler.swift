package import Logging

/// Sends a logger's lines to ``Messages``.
package struct MessageLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let messages: Messages

    /// A handler for lines of `level` and above.
    package init(_ messages: Messages, level: Logger.Level) {
        self.messages = messages
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        messages.log(event.level, event.message.description, all)
    }
}
