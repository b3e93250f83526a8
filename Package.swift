// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault")
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")

let package = Package(
    name: "captivateiq-export",
    products: [
        .executable(name: "captivateiq-export", targets: ["captivateiq-export"]),
        .executable(name: "captivateiq-simulator", targets: ["captivateiq-simulator"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0")
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CBuildStamp"),
        .target(name: "CFoldedCRC"),
        .target(name: "CLinux"),
        .target(name: "CMultiBufferSHA256"),
        .target(name: "Gzip", dependencies: ["CFoldedCRC", "CZlib"]),
        .target(name: "CivilTime"),
        .target(name: "JSONText"),
        .target(name: "AuditRecords", dependencies: ["CivilTime", "JSONText", crypto]),
        .target(
            name: "CaptivateIQAPI",
            dependencies: [
                "AuditRecords", "CivilTime", "JSONText", crypto, httpClient, logging, nioCore, system,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl")
            ]),
        .target(
            name: "AuditArchive",
            dependencies: [
                "AuditRecords", "CLinux", "CMultiBufferSHA256", "CivilTime", "Gzip", "JSONText", crypto, system
            ]),
        .target(
            name: "AuditReport",
            dependencies: ["AuditArchive", "AuditRecords", "CivilTime", "Gzip", "JSONText", crypto, system]),
        .target(
            name: "AuditSync",
            dependencies: ["AuditArchive", "AuditRecords", "CaptivateIQAPI", "CivilTime", "JSONText", logging]),
        .target(
            name: "ExportCLI",
            dependencies: [
                "AuditArchive", "AuditRecords", "AuditReport", "AuditSync", "CBuildStamp", "CLinux", "CYAML",
                "CaptivateIQAPI", "CivilTime", "Gzip", "JSONText", arguments, logging, system
            ]),
        .executableTarget(name: "captivateiq-export", dependencies: ["ExportCLI"]),
        .target(
            name: "CaptivateIQSimulator",
            dependencies: [
                hummingbird, logging, nioCore,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio")
            ]),
        .executableTarget(
            name: "captivateiq-simulator",
            dependencies: ["CaptivateIQSimulator", arguments]),
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(
            name: "JSONTestSupport", dependencies: ["AuditRecords", "JSONText", "TestSupport"],
            path: "Tests/JSONTestSupport"),
        .target(name: "ArchiveTestSupport", dependencies: ["AuditArchive", system], path: "Tests/ArchiveTestSupport"),
        .target(
            name: "SyncTestSupport",
            dependencies: [
                "AuditArchive", "AuditRecords", "CaptivateIQAPI", "CaptivateIQSimulator", "CivilTime", "JSONText",
                "TestSupport", system
            ],
            path: "Tests/SyncTestSupport"),
        .testTarget(name: "GzipTests", dependencies: ["Gzip", "TestSupport"]),
        .testTarget(name: "CivilTimeTests", dependencies: ["CivilTime", "TestSupport"]),
        .testTarget(
            name: "JSONTextTests", dependencies: ["AuditRecords", "JSONTestSupport", "JSONText", "TestSupport"]),
        .testTarget(
            name: "AuditRecordsTests",
            dependencies: ["AuditRecords", "CivilTime", "JSONTestSupport", "JSONText", "TestSupport"]),
        .testTarget(
            name: "CaptivateIQAPITests",
            dependencies: [
                "AuditRecords", "CaptivateIQAPI", "CivilTime", "JSONText", "SyncTestSupport", "TestSupport", logging,
                nioCore, system,
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl")
            ]),
        .testTarget(
            name: "AuditArchiveTests",
            dependencies: [
                "ArchiveTestSupport", "AuditArchive", "AuditRecords", "CivilTime", "Gzip", "JSONText", "TestSupport",
                system
            ]),
        .testTarget(
            name: "AuditReportTests",
            dependencies: [
                "ArchiveTestSupport", "AuditArchive", "AuditRecords", "AuditReport", "CivilTime", "JSONText",
                "TestSupport", system
            ]),
        .testTarget(
            name: "AuditSyncTests",
            dependencies: [
                "ArchiveTestSupport", "AuditArchive", "AuditRecords", "AuditSync", "CaptivateIQAPI",
                "CaptivateIQSimulator",
                "CivilTime", "JSONText", "SyncTestSupport", "TestSupport", logging, system
            ]),
        .testTarget(
            name: "ExportCLITests",
            dependencies: [
                "AuditArchive", "AuditRecords", "AuditReport", "AuditSync", "CaptivateIQAPI", "CivilTime", "ExportCLI",
                "JSONText", "TestSupport", arguments, logging, system
            ]),
        .testTarget(
            name: "CaptivateIQSimulatorTests",
            dependencies: ["CaptivateIQSimulator", "TestSupport"]),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "AuditArchive", "AuditRecords", "AuditReport", "AuditSync", "CZlib", "CivilTime", "Gzip",
                "JSONTestSupport", "JSONText", "TestSupport", system
            ],
            exclude: ["Corpus"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["CaptivateIQSimulator", "TestSupport", "captivateiq-export", "captivateiq-simulator"])
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}

// Tests read millions of lines and run whole syncs by the thousand, on a disk in memory: what they spend their time in is
// optimized in debug builds too, and keeps its assertions.
let busyTargets: Set = [
    "ArchiveTestSupport", "AuditArchive", "AuditRecords", "AuditReport", "AuditSync", "CaptivateIQAPI",
    "CaptivateIQSimulator", "CivilTime", "Gzip", "JSONText", "SyncTestSupport", "TestSupport"
]

for target in package.targets where busyTargets.contains(target.name) {
    target.swiftSettings = settings + [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]
}
