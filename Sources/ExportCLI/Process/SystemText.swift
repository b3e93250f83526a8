import SystemPackage

/// Text from the system's arguments and environment. The system has bytes there, which may be no UTF-8; as a path they have
/// to stay what they are.
///
/// A byte that is no part of UTF-8 is a scalar at the end of the last private plane, U+10FF80 to U+10FFFF, and so is each
/// byte of such a scalar itself. No other text is touched.
enum SystemText {
    private static let base: UInt32 = 0x10_FF00
    private static let reserved: ClosedRange<UInt32> = 0x10_FF80...0x10_FFFF

    /// The text of some bytes.
    static func text(of bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: isReserved) {
            return text
        }
        var scalars = String.UnicodeScalarView()
        var rest = bytes[...]
        while let lead = rest.first {
            let next = rest.prefix(length(after: lead))
            if let scalar = String(validating: next, as: UTF8.self)?.unicodeScalars.first, !isReserved(scalar) {
                scalars.append(scalar)
                rest = rest.dropFirst(next.count)
            } else {
                if let scalar = Unicode.Scalar(base + UInt32(lead)) { scalars.append(scalar) }
                rest = rest.dropFirst()
            }
        }
        return String(scalars)
    }

    /// The bytes of a text that ``text(of:)`` has made, or of any other.
    static func bytes(of text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if isReserved(scalar) {
                bytes.append(UInt8(scalar.value - base))
            } else {
                bytes += Array(String(scalar).utf8)
            }
        }
        return bytes
    }

    private static func isReserved(_ scalar: Unicode.Scalar) -> Bool { reserved.contains(scalar.value) }

    /// How many bytes a character has that begins so; 1 where none does.
    private static func length(after lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}

extension FilePath {
    /// The path that a setting names, whatever its bytes are. They hold no NUL.
    init(setting text: String) {
        self.init(platformString: SystemText.bytes(of: text).map { CInterop.PlatformChar(bitPattern: $0) } + [0])
    }
}
