import FoundationEssentials
import Glibc

/// What the program asks of its process.
enum PosixProcess {
    /// Makes standard input, output and error safe to use: a closed one would be the number of the next file opened,
    /// and a message would be written into the archive. A reader that goes away is an error of `write`, no signal.
    static func prepare() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is taken, which is this one.
            _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
        }
        signal(SIGPIPE, SIG_IGN)
        tuneAllocator()
    }

    /// Pages and blocks come and go by the hundred, in any thread. glibc would give each thread a heap of its own and
    /// every large block back to the kernel, to get it again empty: a twentieth of the CPU time, and memory in heaps
    /// where nobody looks for it. `mallopt` has no place in Swift's Glibc module; other libraries do without it.
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

    /// Whether standard error is a terminal.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Characters in a line of the terminal; 80 where that is not known.
    static var terminalWidth: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Environment variables.
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Processors that this process may use.
    static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// The process's number.
    static var identifier: Int32 { getpid() }
}
