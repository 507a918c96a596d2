#ifndef NIDS_CCURL_SHIM_H
#define NIDS_CCURL_SHIM_H

#include <curl/curl.h>

// libcurl's option functions are variadic, which Swift cannot import: one wrapper per argument type.

static inline CURLcode nids_easy_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode nids_easy_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode nids_easy_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode nids_easy_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode nids_easy_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*nids_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*nids_seek_callback)(void *context, curl_off_t offset, int origin);

static inline CURLcode nids_easy_set_data_callback(CURL *handle, CURLoption option, nids_data_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}
static inline CURLcode nids_easy_set_seek_callback(CURL *handle, nids_seek_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, callback);
}

typedef int (*nids_prereq_callback)(void *context, char *remote, char *local, int remote_port, int local_port);

static inline CURLcode nids_easy_set_prereq_callback(CURL *handle, nids_prereq_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode nids_easy_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode nids_easy_get_pointer(CURL *handle, CURLINFO info, char **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode nids_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

typedef int (*nids_socket_callback)(CURL *handle, curl_socket_t socket, int what, void *context, void *socket_context);
typedef int (*nids_timer_callback)(CURLM *multi, long milliseconds, void *context);

/// Tells somebody which sockets to watch, and when to come back at the latest; nobody where the callbacks are NULL.
static inline void nids_multi_set_watcher(CURLM *multi, nids_socket_callback on_socket, nids_timer_callback on_timer,
                                          void *context) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}
/// Goes on with what its timer was set for.
static inline void nids_multi_time_out(CURLM *multi) {
    int running = 0;
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
}
/// Goes on with what waits for a socket.
static inline void nids_multi_socket_ready(CURLM *multi, curl_socket_t socket, int readiness) {
    int running = 0;
    curl_multi_socket_action(multi, socket, readiness, &running);
}

static inline CURLSHcode nids_share_add(CURLSH *share, curl_lock_data what) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, what);
}

/// The finished transfer's handle, or NULL when no message is waiting.
static inline CURL *nids_multi_next_done(CURLM *multi, CURLcode *result) {
    int remaining = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &remaining))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

#endif
