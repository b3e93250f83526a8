#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The network's errno values in plain words.
enum ErrorNumber {
    /// What `code` means; the number itself for one that connections do not usually give.
    static func text(_ code: Int32) -> String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "the connection was reset"
        case EHOSTUNREACH, ENETUNREACH: "no route to the host"
        case ETIMEDOUT: "no answer to the connection attempt"
        case ENETDOWN: "the network is down"
        case EMFILE, ENFILE: "too many open files"
        default: "I/O error \(code)"
        }
    }
}
