import CLinux
import FoundationEssentials
import Glibc
import SystemPackage

/// What the program asks of its process.
enum PosixProcess {
    /// Makes standard input, output and error safe to use. The next file to be opened gets the number of a closed one,
    /// and messages would then go into the archive, or into an event queue: so this is the first thing that the process does.
    /// SIGPIPE is ignored: `write` returns an error instead. What is in memory, the token too, stays out of core dumps.
    static func prepare() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
            // `open` takes the lowest free number, which is this one. Without /dev, what is written there fails.
            guard open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY) == -1 else { continue }
            _ = open("/", O_RDONLY | O_DIRECTORY)
        }
        signal(SIGPIPE, SIG_IGN)
        hideMemory()
        ProcessLimits.raiseFiles()
        tuneAllocator()
    }

    /// Keeps memory out of core dumps and of the backtraces of Swift's runtime, which print what registers point to. Of the
    /// first two both are needed: the limit does not hold for programs that take core dumps, and the flag is not everywhere. A
    /// process without either runs as well.
    private static func hideMemory() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = setrlimit(Int32(RLIMIT_CORE.rawValue), &none)
        _ = linux_forbid_core_dumps()
        for crash in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] where !ignores(crash) {
            signal(crash, SIG_DFL)
        }
    }

    /// Makes glibc use one heap for all threads and keep large blocks. By default every thread gets its own heap, whose
    /// free memory other threads cannot use, and large blocks go back to the kernel. Pages and blocks are allocated by
    /// the hundred in all threads, and this costs a twentieth of the CPU time. `mallopt` is not in Swift's Glibc module.
    /// C libraries other than glibc do not have it.
    private static func tuneAllocator() {
        guard let symbol = dlsym(nil, "mallopt") else { return }
        // Sound: glibc's malloc.h declares `int mallopt(int, int)`, and no other library has this name.
        let mallopt = unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
        let (trimThreshold, mapThreshold, mostArenas): (Int32, Int32, Int32) = (-1, -3, -8)
        _ = mallopt(mostArenas, 1)
        _ = mallopt(mapThreshold, 4 << 20)
        _ = mallopt(trimThreshold, 32 << 20)
    }

    /// Ends the process without running anything more in it.
    static func endNow(_ status: ExitStatus) {
        _exit(status.rawValue)
    }

    /// Returns whether the process ignores a signal.
    static func ignores(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        // Sound: both are pointers to functions, which have no equality in Swift.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Characters in a line of the terminal that standard error is; nil where it is none.
    static var errorTerminalWidth: Int? { terminalWidth(STDERR_FILENO) }

    /// Characters in a line of the terminal that standard output is; nil where it is none.
    static var outputTerminalWidth: Int? { terminalWidth(STDOUT_FILENO) }

    /// 80 where a terminal does not say.
    private static func terminalWidth(_ descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// The folder that relative paths begin in.
    static var workingDirectory: String { FileManager.default.currentDirectoryPath }

    /// An absolute path with all links followed, as far as it leads to something that is there.
    static func resolved(_ path: FilePath) -> FilePath {
        var (known, rest) = (path, FilePath())
        while true {
            if let real = known.withPlatformString({ realpath($0, nil) }) {
                defer { free(real) }
                return FilePath(platformString: real).appending(rest.components)
            }
            guard let last = known.lastComponent, !known.removingLastComponent().isEmpty else { return path }
            rest = FilePath(root: nil, CollectionOfOne(last) + Array(rest.components))
            known.removeLastComponent()
        }
    }

    /// The command line without the program's name, as ``SystemText``.
    static var arguments: [String] {
        let arguments = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)).dropFirst()
        return arguments.compactMap { argument in argument.map { SystemText.text(of: bytes(at: $0)) } }
    }

    /// Environment variables, their values as ``SystemText``.
    static var environment: [String: String] {
        let all = ProcessInfo.processInfo.environment
        // Where Foundation has replaced what is no UTF-8, the bytes are asked for.
        return Dictionary(
            uniqueKeysWithValues: all.map { name, value in
                guard value.unicodeScalars.contains("\u{FFFD}"), let text = getenv(name) else { return (name, value) }
                return (name, SystemText.text(of: bytes(at: text)))
            })
    }

    /// The bytes before the NUL.
    private static func bytes(at text: UnsafePointer<CChar>) -> [UInt8] {
        (0..<strlen(text)).map { UInt8(bitPattern: text[$0]) }
    }

    /// Processors that this process may use.
    static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// From now on new files are for their owner alone.
    static func keepNewFilesPrivate() { _ = umask(0o077) }

    /// The process's number.
    static var identifier: Int32 { getpid() }
}
