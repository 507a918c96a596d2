import DAV
import Testing

@testable import NidsSync

@Suite("What an answer of the server means for a result of ours")
struct PublishRuleTests {
    typealias Rule = PublishRule

    private static let etag = ETag("e")
    private static let weak = ETag("W/\"e\"")

    struct Row: Sendable, CustomTestStringConvertible {
        var event: Rule.Event
        var found: Rule.Found
        var wasThere: Bool
        var action: Rule.Action

        init(_ event: Rule.Event, _ found: Rule.Found, wasThere: Bool, _ action: Rule.Action) {
            self.event = event
            self.found = found
            self.wasThere = wasThere
            self.action = action
        }

        var testDescription: String { "\(event), \(found), was there: \(wasThere)" }
    }

    private static let failures: [DAVError.Kind] = [.preconditionFailed, .notFound, .serverFailure, .locked]
    private static var events: [Rule.Event] {
        [.beginning, .accepted, .replaced, .resumed, .saidGone, .unguarded] + failures.map(Rule.Event.failed)
    }

    @Test("the bytes that were sent are ours, whatever happened before", arguments: events)
    func sent(event: Rule.Event) {
        for wasThere in [true, false] {
            #expect(Rule.decide(event, found: .sent(Self.etag), wasThere: wasThere) == .settle(Self.etag))
        }
    }

    @Test("other bytes are a person's and stay, once something was sent", arguments: events)
    func other(event: Rule.Event) {
        let action = Rule.decide(event, found: .other(Self.etag), wasThere: true)
        #expect(action == (event == .beginning ? .send(Self.etag) : .yield(Self.etag)))
    }

    @Test(
        "a file that is gone was deleted by a person where it was known to be there",
        arguments: [
            Row(.beginning, .nothing, wasThere: true, .forget), Row(.accepted, .nothing, wasThere: false, .forget),
            Row(.resumed, .nothing, wasThere: true, .forget), Row(.resumed, .nothing, wasThere: false, .send(nil)),
            Row(.replaced, .nothing, wasThere: true, .tryLater),
            Row(.failed(.preconditionFailed), .nothing, wasThere: true, .forget),
            Row(.failed(.preconditionFailed), .nothing, wasThere: false, .tryLater),
            Row(.failed(.notFound), .nothing, wasThere: true, .forget),
            Row(.failed(.notFound), .nothing, wasThere: false, .raise),
            Row(.failed(.serverFailure), .nothing, wasThere: true, .raise),
            Row(.failed(.locked), .nothing, wasThere: true, .raise),
        ])
    func nothing(row: Row) {
        #expect(Rule.decide(row.event, found: row.found, wasThere: row.wasThere) == row.action)
    }

    @Test("ours of before is replaced under a strong ETag, and waited for under a weak one")
    func previous() throws {
        let strong = try #require(Self.etag)
        func decide(_ event: Rule.Event, _ etag: ETag?) -> Rule.Action {
            Rule.decide(event, found: .previous(etag), wasThere: true)
        }
        #expect(decide(.failed(.preconditionFailed), strong) == .replace(strong))
        #expect(decide(.failed(.preconditionFailed), Self.weak) == .tryLater)
        #expect(decide(.failed(.preconditionFailed), nil) == .tryLater)
        #expect(decide(.failed(.serverFailure), strong) == .raise)
        #expect(decide(.accepted, strong) == .tryLater)
        #expect(decide(.replaced, strong) == .tryLater)
        #expect(decide(.resumed, strong) == .send(strong))
        #expect(decide(.beginning, strong) == .send(strong))
    }

    @Test("where neither presence nor absence is proven, nothing is concluded", arguments: events)
    func unproven(event: Rule.Event) {
        let isFailure = if case .failed(let kind) = event { kind != .preconditionFailed } else { false }
        for wasThere in [true, false] {
            #expect(
                Rule.decide(event, found: .unproven("away"), wasThere: wasThere)
                    == (isFailure ? .raise : .wait("away")))
        }
    }

    @Test("what our own failed upload left is replaced under its ETag", arguments: events)
    func remnant(event: Rule.Event) throws {
        let strong = try #require(Self.etag)
        for wasThere in [true, false] {
            #expect(Rule.decide(event, found: .remnant(strong), wasThere: wasThere) == .replace(strong))
            #expect(Rule.decide(event, found: .remnant(Self.weak), wasThere: wasThere) == .tryLater)
        }
    }

    @Test("our result of another scan is left, and is no person's", arguments: events)
    func another(event: Rule.Event) {
        let found = Rule.Found.another(scan: "jpeg/b.jpg", Self.etag)
        #expect(Rule.decide(event, found: found, wasThere: true) == .leave(scan: "jpeg/b.jpg", Self.etag))
    }

    @Test("a server that says that nothing is there for this account is believed once that is proven")
    func saidGone() throws {
        let strong = try #require(Self.etag)
        #expect(Rule.decide(.saidGone, found: .nothing, wasThere: true) == .forget)
        #expect(Rule.decide(.saidGone, found: .previous(strong), wasThere: true) == .replace(strong))
        #expect(Rule.decide(.saidGone, found: .other(strong), wasThere: true) == .yield(strong))
    }

    @Test("a look before an upload that no precondition guards sends only over what is ours, or nothing")
    func unguarded() {
        #expect(Rule.decide(.unguarded, found: .nothing, wasThere: false) == .send(nil))
        #expect(Rule.decide(.unguarded, found: .nothing, wasThere: true) == .forget)
        #expect(Rule.decide(.unguarded, found: .previous(Self.etag), wasThere: true) == .send(Self.etag))
        #expect(Rule.decide(.unguarded, found: .other(Self.etag), wasThere: false) == .yield(Self.etag))
        #expect(Rule.decide(.unguarded, found: .sent(Self.etag), wasThere: false) == .settle(Self.etag))
    }
}
