/// The settings that the state remembers, so that a run which lost some of them by mistake does no harm.
struct RememberedSettings: Codable, Equatable {
    var url: String
    var user: String
    var root: String
    var models: [String]
    var observations: String

    init(_ settings: Settings) {
        // The same place with another slash is the same place.
        url = String(settings.nextcloud.url.reversed().drop { $0 == "/" }.reversed())
        user = settings.nextcloud.user
        root = PlaceSpelling.plain(settings.nextcloud.root)
        models = settings.transcription.models
        observations = settings.observations.home
    }
}
