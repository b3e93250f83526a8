/// The exit codes, with the numbers of `sysexits.h` and, for signals, of shells.
enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done, also when nothing was new.
    case done = 0
    /// The answer is no: the last success is too long ago, or nothing was found.
    case negative = 1
    /// The command line is wrong.
    case usage = 64
    /// The archive is damaged, from another organization, or of an unknown version.
    case damaged = 65
    /// There is no archive there, or nothing was committed to it yet.
    case absent = 66
    /// The API could not be reached, or kept failing.
    case unreachable = 69
    /// A bug.
    case bug = 70
    /// The system has too little of something: threads, file descriptors, memory.
    case resources = 71
    /// The archive cannot be read or written.
    case notWritable = 73
    /// An I/O error or a full disk.
    case inputOutput = 74
    /// Stopped early with progress kept.
    case stopped = 75
    /// The API's answers cannot be used.
    case unusable = 76
    /// Token or permission.
    case refused = 77
    /// A setting is wrong or missing.
    case settings = 78
    /// SIGHUP.
    case hungUp = 129
    /// SIGINT.
    case interrupted = 130
    /// SIGTERM.
    case terminated = 143

    /// What the code means, for the help text.
    var meaning: String {
        switch self {
        case .done: "done, also when nothing was new"
        case .negative:
            "show, evidence prove: nothing was found; status --max-age: the last success is too long ago, or syncs keep "
                + "failing"
        case .usage: "the command line is wrong"
        case .damaged:
            "the archive is damaged or of another organization or version, or differences are left: verify; attest: the period "
                + "is not proven complete"
        case .absent: "there is no archive there, or nothing was committed to it yet: check the path"
        case .unreachable: "the API could not be reached, or kept failing: later"
        case .bug: "a bug: report it"
        case .resources: "the system has too little of something (threads, open files, memory): see the message"
        case .notWritable: "the archive cannot be read or written: check owner and rights"
        case .inputOutput: "an I/O error or a full disk: free space"
        case .stopped: "stopped early, progress kept (lock, max_duration, limits): run again"
        case .unusable: "the API's answers cannot be used, or did not add up in two syncs running: see the message"
        case .refused: "401 or 403: the token or its permission"
        case .settings: "a setting is wrong or missing: the message names it"
        case .hungUp: "hung up (SIGHUP), progress kept"
        case .interrupted: "interrupted (SIGINT), progress kept"
        case .terminated: "terminated (SIGTERM), progress kept"
        }
    }
}
