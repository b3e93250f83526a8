extension ResponseClassifier {
    /// What to do when there is no whole answer.
    package func verdict(on error: TransportError) -> ResponseVerdict {
        switch error {
        case .timedOut:
            .retry(unreachable("the API did not answer in time: \(error)", Advice.later), halving: .yes)
        case .connection:
            .retry(unreachable("the API cannot be reached: \(error)", Advice.connection), halving: .no)
        case .truncated:
            .retry(unreachable("the API's answer broke off: \(error)", Advice.later), halving: .no)
        case .proxy:
            .retry(unreachable("the proxy did not connect: \(error)", Advice.proxy), halving: .no)
        case .certificate:
            .permanent(unreachable("no trusted connection to the API: \(error)", Advice.certificate))
        case .proxyAuthentication:
            .permanent(unreachable("the proxy did not connect: \(error)", Advice.proxyAuthentication))
        case .encoded:
            .retry(Fault(kind: .unusable, summary: "\(error)", advice: Advice.unusable), halving: .no)
        case .tooLarge:
            .retry(Fault(kind: .unusable, summary: "\(error)", advice: Advice.tooLarge), halving: .must)
        case .cancelled:
            .cancelled
        }
    }

    private func unreachable(_ summary: String, _ advice: String) -> Fault {
        Fault(kind: .unreachable, summary: summary, advice: advice)
    }
}
