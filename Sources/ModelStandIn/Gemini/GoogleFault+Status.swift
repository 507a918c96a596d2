extension GoogleFault {
    /// As `google.rpc.Status`, whose code is gRPC's.
    var rpcStatus: [String: any Sendable] {
        let codes = [
            "INVALID_ARGUMENT": 3, "DEADLINE_EXCEEDED": 4, "NOT_FOUND": 5, "PERMISSION_DENIED": 7,
            "RESOURCE_EXHAUSTED": 8, "FAILED_PRECONDITION": 9, "INTERNAL": 13, "UNAVAILABLE": 14, "UNAUTHENTICATED": 16,
        ]
        var status: [String: any Sendable] = ["code": codes[self.status] ?? 2, "message": message]
        if !details.isEmpty { status["details"] = details }
        return status
    }
}
