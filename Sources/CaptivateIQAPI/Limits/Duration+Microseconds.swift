extension Duration {
    /// Whole microseconds, towards zero.
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// Seconds, for messages.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// Seconds with one digit after the point, for messages.
    var rounded: String {
        let tenths = (seconds * 10).rounded() / 10
        return "\(tenths) s"
    }
}
