import CLinux
import Glibc

/// Finds out before the work begins whether the system lets the process have what it needs: threads, open files, /proc. The
/// libraries below end the process without a word, or wait for ever, where they get too few.
enum ProcessLimits {
    /// What a part of the program needs.
    struct Need: Equatable {
        /// Threads beside those that run already.
        var threads: Int
        /// Open files beside those that are open already.
        var files: Int

        /// What every command needs: a thread for each processor, and the queues' own; two files read by each of them.
        static func start(processors: Int) -> Need { Need(threads: processors + 4, files: 2 * processors + 12) }

        /// What connections need beside that: an event loop of three descriptors for each processor, and so many sockets.
        static func network(processors: Int, connections: Int) -> Need {
            Need(threads: processors + 3, files: 3 * processors + connections + 8)
        }
    }

    /// Open files that the process asks for where its hard limit lets it.
    private static let wantedFiles: rlim_t = 4096

    /// Raises the soft limit of open files as far as it helps. Where that fails, the limit stays.
    static func raiseFiles() {
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0, limit.rlim_cur < wantedFiles else { return }
        limit.rlim_cur = min(limit.rlim_max, wantedFiles)
        _ = setrlimit(files, &limit)
    }

    /// Tries whether there is as much as is needed.
    ///
    /// - Returns: what there is too little of; nil where there is enough.
    static func shortage(_ need: Need) -> Failure? {
        if access("/proc/self/task", X_OK) != 0 { return noProc }
        let files = availableFiles(need.files)
        if files < need.files { return tooFew("open files", files, need.files, limit: .files) }
        let threads = Int(linux_count_threads(Int32(need.threads)))
        if threads < need.threads { return tooFew("threads", threads, need.threads, limit: .threads) }
        return nil
    }

    /// The queues look there at what their threads do, and end the process where it is not.
    private static let noProc = Failure(
        .resources, "the system has no /proc, and the queues of this program need it", at: "/proc",
        hints: ["Mount it, as every container has it: `mount -t proc proc /proc`. Nothing was changed."])

    private enum Limit { case files, threads }

    private static func tooFew(_ what: String, _ there: Int, _ needed: Int, limit: Limit) -> Failure {
        let summary =
            "the system lets this process have only \(there) more \(what), and it needs \(needed)\(standing(limit))"
        let hint =
            switch limit {
            case .files: "Raise the limit of open files: `ulimit -n 1024`, or LimitNOFILE= in a systemd unit."
            case .threads:
                "Raise the limit of the user's processes (`ulimit -u`), or of the unit or container (TasksMax=, pids.max), "
                    + "or give it more memory for their stacks (`ulimit -v`)."
            }
        return Failure(.resources, summary, hints: [hint + " Nothing was changed."])
    }

    /// The limit that holds, as far as it is known.
    private static func standing(_ limit: Limit) -> String {
        var value = rlimit()
        let isRead =
            switch limit {
            case .files: getrlimit(files, &value) == 0
            case .threads: getrlimit(processes, &value) == 0
            }
        guard isRead, value.rlim_cur < rlim_t(Int32.max) else { return "" }
        switch limit {
        case .files: return " (RLIMIT_NOFILE is \(value.rlim_cur))"
        case .threads: return " (RLIMIT_NPROC is \(value.rlim_cur))"
        }
    }

    /// How many of `wanted` files can be opened now.
    private static func availableFiles(_ wanted: Int) -> Int {
        var opened: [Int32] = []
        while opened.count < wanted {
            // Which is there also where /dev is not.
            let descriptor = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { break }
            opened.append(descriptor)
        }
        for descriptor in opened { close(descriptor) }
        return opened.count
    }

    private static let files = Int32(RLIMIT_NOFILE.rawValue)
    private static let processes = Int32(__RLIMIT_NPROC.rawValue)
}
