import Foundation
import Testing

/// Where things are.
enum Places {
    /// The package.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path

    /// The folder of the built programs: that of the running test bundle, whatever build folder and configuration.
    static let products: String = {
        let running = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let bundle = Bundle.main.bundleURL
        let candidates = [running.deletingLastPathComponent(), bundle.deletingLastPathComponent(), bundle]
        let found = candidates.first { folder in
            FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("captivateiq-export").path)
        }
        return (found ?? URL(fileURLWithPath: "\(repository)/.build/debug")).path
    }()

    /// The program.
    static let exporter = "\(products)/captivateiq-export"
    /// The simulated API.
    static let simulator = "\(products)/captivateiq-simulator"
    /// The checker that shares no code with the program.
    static let checker = "\(repository)/Tests/Checker/check_archive.py"
    /// The server that answers in hostile ways.
    static let hostileServer = "\(repository)/Tests/Checker/hostile_server.py"
    /// The server of listings with one oddity each.
    static let vendorServer = "\(repository)/Tests/Checker/vendor_server.py"
    /// A watchdog that writes down what it is told.
    static let pingServer = "\(repository)/Tests/Checker/ping_server.py"
    /// HTTP/2 and TLS before the simulator.
    static let http2Front = "\(repository)/Tests/Checker/http2_front.py"
    /// What makes certificates that are wrong in one way each.
    static let certificates = "\(repository)/Tests/Checker/make_certificates.sh"
    /// A proxy that opens tunnels.
    static let tunnelProxy = "\(repository)/Tests/Checker/tunnel_proxy.py"
    /// What opens a report in a browser and counts again.
    static let browserReport = "\(repository)/Tests/Checker/browser_report.py"
    /// A Python with DuckDB, hypercorn, prometheus_client and selenium, which `scripts/test` makes.
    static let python = "\(repository)/.build/test-venv/bin/python"

    /// Expects that Python to be there.
    static func requirePython() throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "no DuckDB and hypercorn in \(python): run scripts/test once, which installs them")
    }

    /// What a program needs of the environment, so that settings of whoever runs the tests have no effect.
    static let environment = ProcessInfo.processInfo.environment.filter { name, _ in
        ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH"].contains(name)
    }
}
