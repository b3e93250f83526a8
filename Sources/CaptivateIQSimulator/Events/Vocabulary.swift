/// The words events are made of, as ready JSON text (string contents without quotes, or whole tokens).
///
/// They cover what a byte-exact exporter meets: every escape of RFC 8259, raw and escaped characters of several scripts,
/// combining marks, right-to-left text, line separators, and numbers that no `Double` keeps.
enum Vocabulary {
    /// Who acts: `name` is JSON string contents.
    struct Person: Sendable {
        let id: [UInt8]
        let name: [UInt8]
        let email: [UInt8]
        let emailText: String
    }

    static let people: [Person] = names.enumerated().map { index, name in
        let number = String(index + 1)
        let padded = String(repeating: "0", count: max(0, 3 - number.utf8.count)) + number
        let email = "user.\(padded)@example.com"
        return Person(
            id: Array("user_\(padded)".utf8), name: Array(name.utf8), email: Array(email.utf8), emailText: email)
    }

    private static let names = [
        "John Smith", "Jane Admin", "Maria Garc\u{ED}a", #"Zo\u00eb M\u00fcller"#, "Zoe\u{308} Mu\u{308}ller",
        "王小明", "佐藤 花子", "김민준", "محمد علي", "דנה כהן", "Søren Ångström", "Łukasz Żółć",
        "Αλέξανδρος Παπαδόπουλος", "Ольга Иванова", "अनिता शर्मा", "Nguyễn Văn An", #"Sean \"Mac\" O'Neil"#,
        #"Robert\\Bob Tables"#, "Ada Lovelace", "Grace Hopper", "Alan Turing", "Katherine Johnson", "Linus Oyelaran",
        "Priya Raghunathan", "Chloé Dubois", "Bj\u{F6}rn Eriksson", "Olumide Adeyemi", "Fatima Zahra", "Ivan Petrov",
        "Emma Johansson", "Lucas Silva", "Mia Rossi", "Noah Schmidt", "Sofia Novak", "Liam O\u{2019}Brien", "Ava Chen",
        "Ethan Brown", "Isabella Costa", "Mason Lee", "\u{1F9D1}\u{200D}\u{1F4BB} Service Account"
    ]

    static let texts: [[UInt8]] =
        [
            "Quarterly accelerator for enterprise accounts", "Changed the payout rate after review", "東京営業所の報酬",
            "客户经理佣金计划", "성과급 정산", "خطة العمولات للربع الرابع", "תוכנית עמלות", "cafe\u{301} bonus", "caf\u{E9} bonus",
            "line one\u{2028}line two\u{2029}line three", #"tab\tnew line\nreturn\r\n"#, #"path C:\\plans\\2026"#,
            #"see https:\/\/example.com\/a?b=c"#, #"she said \"approve\""#, #"caf\u00e9"#, #"party \ud83c\udf89"#,
            "party \u{1F389}", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466} family plan",
            #"bell\u0007 null\u0000 end"#, #"\b\f"#, "<b>not html</b> & more", "100% of quota, {braces} and [brackets]",
            "\u{FEFF}marked", "Recalculated commissions for the closed period", "Imported from Salesforce",
            "Dispute opened by the payee", "Rolled back by the nightly job", "Approval workflow step 3 of 5", ""
        ].map { Array($0.utf8) }

    static let loneSurrogates: [[UInt8]] = [#"half \ud83d"#, #"\udE00 half"#, #"\ud800\ud800"#].map { Array($0.utf8) }

    static let numbers: [[UInt8]] =
        [
            "1.10", "1e5", "1E+2", "0", "-0", "0.000", "42", "-17.5", "9007199254740993", "18446744073709551616",
            "123456789012345678901234567890", "-1.0e-7", "6.02214076E23", "0.1", "3.1400", "1.5e308"
        ].map { Array($0.utf8) }

    static let objectNames: [[UInt8]] =
        [
            "Sales Dashboard", "Commission Rates", "EMEA Payouts", "Quota 2026", "売上ダッシュボード", "Deal Records",
            #"Rate \"A\" Table"#, "Übersicht", "Plan \u{1F4C8}", #"Q4\/Q1 Bridge"#, "Payee Statements", "Hierarchy"
        ].map { Array($0.utf8) }

    static let objectTypes: [[UInt8]] =
        ["column", "worksheet", "workbook", "record", "report", "plan", "user"].map { Array($0.utf8) }

    static let eventTypes: [[UInt8]] =
        ["create", "update", "update", "update", "delete", "user.login", "user.logout", "export", "payout.approve"]
        .map { Array($0.utf8) }

    static let fields: [[UInt8]] =
        ["rate", "name", "formula", "quota", "status", "owner", "Größe", "description"].map { Array($0.utf8) }
}

/// A repeatable source of randomness (SplitMix64): the same seed and stream give the same sequence on every machine.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence that belongs to `seed`; different `stream` numbers of one seed are independent sequences.
    init(seed: UInt64, stream: UInt64 = 0) {
        state = Self.mixed(seed ^ Self.mixed(stream &* 0xD1B5_4A32_D192_ED03 &+ 0x632B_E59B_D9B4_E019))
    }

    /// The next 64 bits of the sequence.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A number from 0 up to, not including, `bound`; 0 if `bound` is not positive.
    mutating func below(_ bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number from 0 up to, not including, 1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// True with the given probability.
    mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    /// A bijective scrambling of 64 bits, so that neighbouring numbers share nothing.
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
