import JSONText
import SystemPackage

/// Where text goes.
protocol TextOutput: Sendable {
    /// Writes all of `text`.
    ///
    /// - Throws: the error of the system's call.
    func write(_ text: String) throws(Errno)
}

/// An open descriptor, written to without a buffer.
struct DescriptorOutput: TextOutput {
    private let descriptor: FileDescriptor

    /// Standard output.
    static let standardOutput = DescriptorOutput(descriptor: .standardOutput)

    /// Standard error.
    static let standardError = DescriptorOutput(descriptor: .standardError)

    /// Writes all of `text`, in several calls if one takes only a part.
    func write(_ text: String) throws(Errno) {
        do {
            try descriptor.writeAll(text.utf8)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}

/// Text from elsewhere (a server, a file, a name) in a form that is safe on a terminal.
enum TerminalText {
    /// The most characters of a line.
    private static let longest = 4000

    /// The text on one line, cut when it is very long. Characters that a terminal would obey, or that would hide or
    /// reorder text, are written as escapes.
    static func oneLine(_ text: String) -> String {
        let line = VisibleText.oneLine(text)
        let scalars = line.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: longest, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return line }
        return String(scalars[..<end]) + "…"
    }
}
