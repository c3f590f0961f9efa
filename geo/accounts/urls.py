from django.urls import path

from geo.accounts.views import forgotten, own, people, sheets, signing_in

urlpatterns = [
    path("masuk/", signing_in.sign_in, name="sign_in"),
    path("masuk/kode/", signing_in.sign_in_code, name="sign_in_code"),
    path("masuk/lupa/", forgotten.forgotten, name="forgotten"),
    path("masuk/lupa/terkirim/", forgotten.forgotten_sent, name="forgotten_sent"),
    path(
        "masuk/lupa/<str:uidb64>/<str:token>/",
        forgotten.new_forgotten_password,
        name="new_forgotten_password",
    ),
    path("keluar/", signing_in.sign_out, name="sign_out"),
    path("akun/", own.account, name="account"),
    path("akun/kata-sandi/", own.password, name="password"),
    path("akun/sesi-lain/", own.end_sessions, name="end_sessions"),
    path("akun/kode/", own.second_factor, name="second_factor"),
    path("akun/kode/cadangan/", own.new_recovery_codes, name="recovery_codes"),
    path("akun/kode/ganti/", own.change_telephone, name="change_telephone"),
    path("akun/pengguna/", people.people, name="people"),
    path("akun/desa-tanpa-operator/", people.villages, name="villages_without_operator"),
    path("akun/pengguna-baru/", people.new_person, name="new_person"),
    path("akun/kata-sandi-pertama/", people.new_slips, name="new_slips"),
    path("akun/lembar/", sheets.sheet, name="accounts_sheet"),
    path("akun/lembar/contoh.xlsx", sheets.sheet_template, name="accounts_sheet_template"),
    path("akun/pengguna/<str:username>/", people.person, name="person"),
    path("akun/pengguna/<str:username>/ubah/", people.change, name="person_change"),
    path("akun/pengguna/<str:username>/kata-sandi/", people.new_password, name="new_password"),
    path(
        "akun/pengguna/<str:username>/kode/",
        people.forget_second_factor,
        name="forget_second_factor",
    ),
    path("akun/pengguna/<str:username>/aktif/", people.let_in, name="let_in"),
    path("akun/pengguna/<str:username>/tugas/", people.new_assignment, name="new_assignment"),
    path("akun/tugas/<int:number>/akhiri/", people.end, name="end_assignment"),
    path("akun/tugas/<int:number>/serahkan/", people.to_follower, name="hand_over"),
]
