//! Exports of Salesforce.

use super::check;

#[test]
fn quirks_of_salesforce() {
    check(&[
        (
            "data export has API names in mixed case",
            "Id,IsDeleted,MasterRecordId,Name,ParentId,BillingCity,BillingPostalCode,BillingCountry,Website,OwnerId,SystemModstamp\n\
             001D000000IRFmaIAH,0,000000000000000AAA,Quellbrink,000000000000000AAA,Ulm,89073,Germany,quellbrink.de,005,2026-06-09 16:12:25\n",
            "accounts",
            &[("Id", "id"), ("Name", "name"), ("Website", "website"), ("BillingCity", "city")],
        ),
        (
            "data loader has API names in capitals",
            "ID,NAME,WEBSITE,OWNERID,ORACLE_ID__C,ISDELETED\n001D000000IRFmaIAH,Quellbrink,quellbrink.de,005,7,false\n",
            "accounts",
            &[("ID", "id"), ("NAME", "name"), ("ISDELETED", "deleted"), ("ORACLE_ID__C", "-")],
        ),
        (
            "success files of the data loader append STATUS",
            "ID,NAME,WEBSITE,OWNERID,STATUS\n001D000000IRFmaIAH,Quellbrink,quellbrink.de,005,Item Updated\n",
            "accounts",
            &[("ID", "id"), ("NAME", "name")],
        ),
        (
            "reports have labels and quoted cells",
            "\"Account ID\",\"Account Name\",\"Parent Account\",\"Billing State/Province\",\"Billing Zip/Postal Code\",\"Account Owner\"\n\
             \"001D000000IRFma\",\"Quellbrink\",\"\",\"BW\",\"89073\",\"Ann\"\n",
            "accounts",
            &[
                ("Account Name", "name"),
                ("Billing Zip/Postal Code", "postal-code"),
                ("Parent Account", "-"),
            ],
        ),
        (
            "related columns are Relationship.Field",
            "Id,FirstName,LastName,Email,Account.Name,AccountId,Owner.Name\n003D000000IRFmaIAH,A,B,a@x.de,Quellbrink,001D000000IRFmaIAH,Ann\n",
            "contacts",
            &[
                ("Account.Name", "account-name"),
                ("AccountId", "account-id"),
                ("Owner.Name", "owner"),
            ],
        ),
        (
            "extracts by hand carry a subset of the API names",
            "Id,Name\n001D000000IRFmaIAH,Quellbrink\n",
            "accounts",
            &[("Id", "id"), ("Name", "name")],
        ),
        (
            "person accounts have the person's data in the account file",
            "Name,LastName,FirstName,Website,IsPersonAccount,PersonContactId,PersonEmail,PersonHasOptedOutOfEmail,PersonDoNotCall,PersonEmailBouncedReason,PersonIndividualId,PersonBirthdate\nQuellbrink,,,quellbrink.de,0,,,0,0,,,\n",
            "accounts",
            &[
                ("Name", "name"),
                ("IsPersonAccount", "person-account"),
                ("PersonContactId", "person-contact-id"),
                ("PersonEmail", "person-email"),
                ("PersonHasOptedOutOfEmail", "email-opt-out"),
                ("PersonDoNotCall", "phone-opt-out"),
                ("PersonEmailBouncedReason", "bounced"),
                ("PersonIndividualId", "individual-id"),
                ("PersonBirthdate", "ignore"),
            ],
        ),
        (
            "contacts of an org with person accounts are contacts",
            "Id,AccountId,FirstName,LastName,Email,HasOptedOutOfEmail,IsPersonAccount\n003,001,A,B,a@x.de,0,1\n",
            "contacts",
            &[("AccountId", "account-id"), ("IsPersonAccount", "-")],
        ),
        (
            "person data that no list may carry is ignored",
            "Id,AccountId,LastName,Email,HasOptedOutOfEmail,Birthdate,Pronouns,GenderIdentity\n003D000000IRFmaIAH,001D000000IRFmaIAH,B,a@x.de,0,1980-01-01,,\n",
            "contacts",
            &[("Birthdate", "ignore"), ("Pronouns", "ignore"), ("GenderIdentity", "ignore")],
        ),
        (
            "a bulk file may be written with carets",
            "Id^Name^Website\n001D000000IRFmaIAH^Quellbrink^quellbrink.de\n001D000000IRFmbIAH^Vossmoor^vossmoor.de\n",
            "accounts",
            &[("Id", "id"), ("Website", "website")],
        ),
        (
            "a bulk file may be written with back quotes",
            "Id`Name`Website\n001D000000IRFmaIAH`Quellbrink`quellbrink.de\n001D000000IRFmbIAH`Vossmoor`vossmoor.de\n",
            "accounts",
            &[("Id", "id"), ("Website", "website")],
        ),
        (
            "labels may be Japanese",
            "取引先名,取引先 種別,Web サイト,従業員数,郵便番号(請求先),都道府県(請求先),市区郡(請求先),町名・番地(請求先),国(請求先)\n山田,,yamada.example,,100-0001,,,,\n",
            "accounts",
            &[
                ("取引先名", "name"),
                ("Web サイト", "website"),
                ("郵便番号(請求先)", "postal-code"),
                ("都道府県(請求先)", "state"),
                ("市区郡(請求先)", "city"),
                ("国(請求先)", "country"),
            ],
        ),
        (
            "Japanese brackets may be full-width",
            "取引先名,Ｗｅｂ サイト,郵便番号（請求先）,国（請求先）\n山田,yamada.example,100-0001,\n",
            "accounts",
            &[
                ("郵便番号（請求先）", "postal-code"),
                ("国（請求先）", "country"),
                ("Ｗｅｂ サイト", "website"),
            ],
        ),
    ]);
}
