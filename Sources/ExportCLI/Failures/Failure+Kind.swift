extension Failure {
    /// What kinds of failure there are, by the words that machines are told. Scripts rely on them.
    enum Kind: String, Sendable, CaseIterable {
        /// The command line.
        case usage
        /// The archive is not what its manifest says, or not what the API says.
        case damaged
        /// Events of an organization that the archive does not belong to.
        case wrongOrganization = "wrong_organization"
        /// A format that a later program wrote.
        case unknownVersion = "unknown_version"
        /// No archive at that path, or nothing committed to it yet.
        case noArchive = "no_archive"
        /// The API did not answer, or not as it should.
        case unreachable
        /// Too few threads, descriptors or bytes.
        case resources
        /// No right to read, make or change files.
        case notWritable = "not_writable"
        /// A disk that is full or failing.
        case io
        /// Another process writes to the archive.
        case locked
        /// Nothing but 429.
        case rateLimited = "rate_limited"
        /// `max_duration` is over.
        case maxDuration = "max_duration"
        /// Pages that moved while they were read.
        case movedPages = "moved_pages"
        /// Answers that cannot be used.
        case unusable
        /// 401.
        case unauthorized
        /// 403.
        case forbidden
        /// A 401 or 403 that does not come from the API.
        case firewall
        /// A setting that is wrong or missing.
        case setting
        /// A signal.
        case interrupted
        /// A bug.
        case bug

        /// The usual kind of failure that ends with this code.
        init(_ status: ExitStatus) {
            self =
                switch status {
                // What was asked for by name and is not there.
                case .usage, .negative: .usage
                case .damaged: .damaged
                case .absent: .noArchive
                case .unreachable: .unreachable
                case .resources: .resources
                case .notWritable: .notWritable
                case .inputOutput: .io
                case .stopped: .movedPages
                case .unusable: .unusable
                case .refused: .unauthorized
                case .settings: .setting
                case .hungUp, .interrupted, .terminated: .interrupted
                case .done, .bug: .bug
                }
        }
    }
}
