import CCurl
import HTTPTypes

extension Transfer {
    /// Tells libcurl everything about this exchange.
    func configure(_ configuration: HTTPClient.Configuration, share: UnsafeMutableRawPointer?) {
        curl_easy_reset(handle)
        let context = Unmanaged.passUnretained(self).toOpaque()

        setString(CURLOPT_URL, plan.request.urlText)
        setString(CURLOPT_PROTOCOLS_STR, "http,https")
        setLong(CURLOPT_PATH_AS_IS, 1)
        setLong(CURLOPT_FOLLOWLOCATION, 0)
        setLong(CURLOPT_NOSIGNAL, 1)
        setLong(CURLOPT_NOPROGRESS, 1)
        setLong(CURLOPT_TCP_KEEPALIVE, 1)
        setLong(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        setLong(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        setLong(CURLOPT_CONNECTTIMEOUT_MS, max(1, plan.timeouts.connect.milliseconds))
        setLong(CURLOPT_BUFFERSIZE, 128 << 10)
        setString(CURLOPT_USERAGENT, configuration.userAgent)
        nids_easy_set_pointer(handle, CURLOPT_ERRORBUFFER, errorBuffer.baseAddress)
        if let proxy = configuration.proxy { setString(CURLOPT_PROXY, proxy) }
        if plan.decompress { setString(CURLOPT_ACCEPT_ENCODING, "") }
        if let caFile = configuration.caFile {
            setString(CURLOPT_CAINFO, caFile)
            // Debian's libcurl also looks into the system's folder of certificates, unless told not to.
            nids_easy_set_string(handle, CURLOPT_CAPATH, nil)
        }
        if let share {
            nids_easy_set_pointer(handle, CURLOPT_SHARE, share)
            setString(CURLOPT_COOKIEFILE, "")
        }

        nids_easy_set_prereq_callback(handle) { context, _, _, _, _ in
            transfer(context)?.touch()
            return 0
        }
        nids_easy_set_pointer(handle, CURLOPT_PREREQDATA, context)
        nids_easy_set_data_callback(handle, CURLOPT_HEADERFUNCTION) { data, size, count, context in
            transfer(context)?.takeHeaderLine(UnsafeRawBufferPointer(start: data, count: size * count))
            return size * count
        }
        nids_easy_set_pointer(handle, CURLOPT_HEADERDATA, context)
        nids_easy_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { data, size, count, context in
            transfer(context)?.takeBody(UnsafeRawBufferPointer(start: data, count: size * count)) ?? 0
        }
        nids_easy_set_pointer(handle, CURLOPT_WRITEDATA, context)
        configureMethodAndBody(context: context)
        configureHeaders()
    }

    private func configureMethodAndBody(context: UnsafeMutableRawPointer) {
        let method = plan.request.method
        // These announce even an empty body (RFC 9110, section 8.6); some servers answer 411 otherwise.
        let announcesBody = [.post, .put, .patch].contains(method)
        if case .none = plan.body, !announcesBody {
            if method == .head {
                setLong(CURLOPT_NOBODY, 1)
            } else if method != .get {
                setString(CURLOPT_CUSTOMREQUEST, method.rawValue)
            }
            return
        }
        setLong(CURLOPT_UPLOAD, 1)
        setString(CURLOPT_CUSTOMREQUEST, method.rawValue)
        nids_easy_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(reader.length))
        nids_easy_set_data_callback(handle, CURLOPT_READFUNCTION) { data, size, count, context in
            transfer(context)?.giveBody(UnsafeMutableRawBufferPointer(start: data, count: size * count))
                ?? Int(CURL_READFUNC_ABORT)
        }
        nids_easy_set_pointer(handle, CURLOPT_READDATA, context)
        nids_easy_set_seek_callback(handle) { context, offset, _ in
            guard offset == 0, let transfer = transfer(context) else { return CURL_SEEKFUNC_CANTSEEK }
            return transfer.rewind() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
        }
        nids_easy_set_pointer(handle, CURLOPT_SEEKDATA, context)
    }

    private func configureHeaders() {
        for field in plan.request.headerFields {
            // libcurl takes "Name;" for a field without a value, and "Name:" for one to leave out.
            let line = field.value.isEmpty ? "\(field.name.rawName);" : "\(field.name.rawName): \(field.value)"
            headerList = curl_slist_append(headerList, line)
        }
        // Many servers never answer "100 Continue", and libcurl would wait a second for it.
        headerList = curl_slist_append(headerList, "Expect:")
        nids_easy_set_list(handle, CURLOPT_HTTPHEADER, headerList)
    }

    private func setLong(_ option: CURLoption, _ value: Int) { nids_easy_set_long(handle, option, value) }
    private func setString(_ option: CURLoption, _ value: String) { nids_easy_set_string(handle, option, value) }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

extension Duration {
    /// Whole seconds, rounded down.
    var wholeSeconds: Int { Int(clamping: components.seconds) }

    /// Whole milliseconds, rounded up.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) &* 1000 &+ Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
